console.log('placeholder until the native engine lands')
